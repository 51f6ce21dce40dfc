"""What several controls of WAF read."""
