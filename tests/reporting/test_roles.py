"""The colours of the roles: told apart by colour-blind readers, and seen on light and on dark pages."""

import tomllib
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from analytics.reporting.roles import ROLES, faded

COLORS = {name: role.color for name, role in ROLES.items()}
CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"
# Complete dichromacy, severity 1.0, in linear RGB: Machado, Oliveira, Fernandes, "A Physiologically-based Model for
# Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer Graphics 15 (2009).
SEEN_BY = {
    "everybody else": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
WHITE = TO_XYZ.sum(axis=1)  # D65
DIFFERENT = 12.0  # ΔE of CIE 1976; 2.3 is just noticed
SEEN = 3.0  # contrast that WCAG 2.2 asks of graphics


def linear(color: str) -> np.ndarray:
    """The color in linear RGB, 0 to 1."""
    parts = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE 1976 L*, a*, b* of linear RGB."""
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    """WCAG's ratio of luminances."""
    low, high = sorted(float((TO_XYZ @ linear(color))[1]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_yardsticks_measure_what_is_known():
    assert lab(linear("#ffffff")) == pytest.approx([100, 0, 0], abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.01)
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.001)


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize(("one", "other"), list(combinations(COLORS, 2)))
def test_two_roles_are_told_apart_by(eyes, one, other):
    seen = [lab(SEEN_BY[eyes] @ linear(COLORS[name])) for name in (one, other)]
    assert np.linalg.norm(seen[0] - seen[1]) > DIFFERENT


@pytest.mark.parametrize(("name", "scheme"), list(product(COLORS, ("light", "dark"))))
def test_a_role_is_seen_on_the_page(name, scheme):
    theme = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][scheme]
    assert contrast(COLORS[name], theme["backgroundColor"]) >= SEEN


def test_colour_is_never_the_only_signal():
    assert len({role.symbol for role in ROLES.values()}) == len(ROLES)


def test_a_faded_color_keeps_its_hue():
    assert faded("#0072b2", 0.5) == "rgba(0,114,178,0.50)"
