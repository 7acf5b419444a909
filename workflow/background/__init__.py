"""What happens without anybody asking: messages, sweeps, the audit chain."""
