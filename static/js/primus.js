// Behaviour shared by all pages. Everything here adds to a page that works without it.
