"""Somebody who signs in to the console."""

EMAIL = "camille@gazette.example"
PASSWORD = "une phrase très convenable"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
