"""What people look at: progress, lists, queues, the inbox, the guide."""
