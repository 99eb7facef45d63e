"""Comment moderation service: captcha, limits, judgement, memory and people's decisions."""
