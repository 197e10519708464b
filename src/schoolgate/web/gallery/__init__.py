"""Every component with every example on one page, for whoever builds pages or checks them."""
