"""A phone, and what a page asks of its controls: room for a finger, and for their texts."""

PHONE = {"size": (390, 844), "has_touch": True, "is_mobile": True, "device_scale_factor": 2}

SMALL = """() => [...document.querySelectorAll("button, select, input, summary")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .map((node) => [node.id || node.className, node.getBoundingClientRect()])
    .filter(([, { width, height }]) => width && (height < 43.5 || width < 43.5))
    .map(([name, { width, height }]) => `${name} ${width.toFixed(0)}×${height.toFixed(0)}`)"""

OUTSIDE = """() => [...document.querySelectorAll("button, th, .indicator-row, .row")]
    .filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .flatMap((node) => [...node.querySelectorAll("*"), node].flatMap((one) => [...one.childNodes]
        .filter((text) => text.nodeType === 3 && !one.closest(".hidden-text")).map((text) => {
            const range = document.createRange();
            range.selectNodeContents(text);
            const [drawn, room] = [range.getBoundingClientRect(), node.getBoundingClientRect()];
            const out = drawn.left < room.left - 1 || drawn.right > room.right + 1;
            return drawn.width && out ? text.data : "";
        })))
    .filter(Boolean)"""
"""Texts that reach beyond their button, cell or row."""
