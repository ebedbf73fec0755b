"""Where raw events come from: keyboard and pointer, the screen, the windows, and the widgets; each port with a fake."""
