"""What people take home: pictures with their recipe."""
