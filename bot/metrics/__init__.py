"""What Prometheus may read of a running Dalil: counts and times, nothing about any person."""
