"""One browser for all tests of a worker; without one they are skipped, except in CI."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.browser.chromium import Chromium, Page, find

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    path = find()
    if path is None:
        missing = "no Chromium found: tools/ensure-chromium installs it, PCAP_REPORT_CHROMIUM names one"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with Chromium(path) as browser:
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        browser.call("Browser.grantPermissions", permissions=permissions)
        yield browser


@pytest.fixture
def page(chromium: Chromium) -> Iterator[Page]:
    opened = chromium.page()
    yield opened
    opened.close()
