"""The bank as an IMS QTI 2.1 package: a manifest, and an item for each question that judges and speaks by itself."""

from __future__ import annotations

import io
import re
import zipfile

from lxml import etree
from lxml.builder import ElementMaker

from afteach.exchange import items, qti_bodies, texts
from afteach.exchange.items import Item, Loss, Order, Write
from afteach.exchange.qti_bodies import E, Element, Part, name_of
from afteach.workbook import workbook

SCHEMA = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PLACE = f"{SCHEMA} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"
HERE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
CP = ElementMaker(
    namespace="http://www.imsglobal.org/xsd/imscp_v1p1", nsmap={None: "http://www.imsglobal.org/xsd/imscp_v1p1"}
)


def write(bank: list[Item], title: str) -> tuple[bytes, list[Loss]]:
    """The package as a zip, and what QTI cannot say of each question."""
    files, lost = {}, []
    for item in bank:
        part = qti_bodies.part_of(item.body)
        if part is None:
            lost.append(Loss(item.id, f"left out: {items.ONLY_HERE}"))
            continue
        files[f"items/{_file(item)}.xml"] = (item, _bytes(_item(item, part)))
        if isinstance(item.body, Order):
            lost.append(Loss(item.id, "its shares of a point: an order is right or not"))
        if isinstance(item.body, Write):
            lost.append(Loss(item.id, "it is not scored: people read the answers"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        manifest = _bytes(_manifest({path: item for path, (item, _) in files.items()}))
        for path, data in [("imsmanifest.xml", manifest), *((path, data) for path, (_, data) in files.items())]:
            # Named so it has no time of its own, and a package that holds the same is the same file.
            package.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return out.getvalue(), lost


def _file(item: Item) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "_", name_of("i", item.id))


def _bytes(tree: Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")


def _item(item: Item, part: Part) -> Element:
    asked = E.div()
    qti_bodies.add_paragraphs(asked, [texts.prompt(item)])
    root = E.assessmentItem(
        E.responseDeclaration(*part.declared, identifier="RESPONSE", cardinality=part.cardinality, baseType=part.base),
        _outcome("SCORE", "single", "float", "0"),
        _outcome("FEEDBACK", part.cardinality if part.speaks_by_choice else "single", "identifier"),
        _outcome("AFTER", "single", "identifier"),
        _outcome("HINT", "single", "identifier"),
        E.itemBody(asked, *part.body),
        E.responseProcessing(*part.scored, *part.spoken, _show("AFTER"), *_hinted(item, part)),
        identifier=name_of("i", items.stable_id(item)),
        title=item.id,
        adaptive="false",
        timeDependent="false",
        toolName="afteach",
    )
    root.set(HERE, PLACE)
    for name, says in part.feedback:
        root.append(_modal("FEEDBACK", name, [says]))
    if item.after:
        root.append(_modal("AFTER", "shown", item.after))
    if part.scored and item.hints:
        root.append(_modal("HINT", "shown", item.hints))
    return root


def _outcome(name: str, cardinality: str, base: str, start: str = "") -> Element:
    default = [E.defaultValue(E.value(start))] if start else []
    return E.outcomeDeclaration(*default, identifier=name, cardinality=cardinality, baseType=base)


def _show(outcome: str) -> Element:
    return E.setOutcomeValue(E.baseValue("shown", baseType="identifier"), identifier=outcome)


def _hinted(item: Item, part: Part) -> list[Element]:
    """The hints are shown to whoever has not the whole point."""
    if not part.scored or not item.hints:
        return []
    short = E.lt(E.variable(identifier="SCORE"), E.baseValue("0.999", baseType="float"))
    return [E.responseCondition(E.responseIf(short, _show("HINT")))]


def _modal(outcome: str, name: str, said: list[str]) -> Element:
    feedback = E.modalFeedback(outcomeIdentifier=outcome, identifier=name, showHide="show")
    qti_bodies.add_paragraphs(feedback, said)
    return feedback


def _manifest(found: dict[str, Item]) -> Element:
    resources = [
        CP.resource(
            CP.file(href=path),
            identifier=name_of("i", items.stable_id(item)),
            type="imsqti_item_xmlv2p1",
            href=path,
        )
        for path, item in found.items()
    ]
    return CP.manifest(
        CP.metadata(CP.schema("QTIv2.1 Package"), CP.schemaversion("1.0.0")),
        CP.organizations(),
        CP.resources(*resources),
        identifier=name_of("m", workbook().name),
    )
