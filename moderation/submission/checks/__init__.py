"""One suspicion a file; each looks at a submission and may return a finding."""
