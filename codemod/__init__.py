"""wfix finds and fixes what breaks when one Cloudflare Worker calls another."""
