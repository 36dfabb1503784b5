"""Feedback definitions on the wire (Opik's contract, H.3): three types, which differ in their details."""

from typing import Generic, Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from weft.api.opik.wire.pages import PageQuery, PageView
from weft.model.feedback_definition import FeedbackDefinition, FeedbackRule
from weft.model.instants import format_us
from weft.model.page import Page
from weft.registry.feedback_definitions import SORTABLE

FeedbackType = Literal["numerical", "categorical", "boolean"]

MAX_DESCRIPTION = 255
MIN_CATEGORIES = 2
MAX_CATEGORIES = 2**31 - 1


class DetailsWrite(Protocol):
    def violations(self) -> list[str]: ...


class NumericalDetailsWrite(Struct, kw_only=True):
    min: float | None = None
    max: float | None = None

    def violations(self) -> list[str]:
        if self.min is not None and self.max is not None:
            return [] if self.min < self.max else ["details.min has to be smaller than details.max"]
        return [f"details.{name} must not be null" for name in ("min", "max") if getattr(self, name) is None]


class CategoricalDetailsWrite(Struct, kw_only=True):
    categories: dict[str, float] | None = None

    def violations(self) -> list[str]:
        if self.categories is None:
            return ["details.categories must not be null"]
        if len(self.categories) < MIN_CATEGORIES:
            return [f"details.categories size must be between {MIN_CATEGORIES} and {MAX_CATEGORIES}"]
        return []


class BooleanDetailsWrite(Struct, kw_only=True, omit_defaults=True):
    """Opik's contract, A.4: the labels may come in either spelling. They are kept in the first."""

    true_label: str | None = None
    false_label: str | None = None
    true_label_as_published: str | None = msgspec.field(name="trueLabel", default=None)
    false_label_as_published: str | None = msgspec.field(name="falseLabel", default=None)

    def __post_init__(self) -> None:
        self.true_label, self.true_label_as_published = self.true_label or self.true_label_as_published, None
        self.false_label, self.false_label_as_published = self.false_label or self.false_label_as_published, None

    def violations(self) -> list[str]:
        labels = (("trueLabel", self.true_label), ("falseLabel", self.false_label))
        return [f"details.{name} must not be blank" for name, label in labels if not (label or "").strip()]


Written = TypeVar("Written", bound=DetailsWrite)


class _Write(Struct, Generic[Written], kw_only=True, tag_field="type"):
    name: str | None = None
    description: str | None = None
    details: Written | None = None

    def violations(self) -> list[str]:
        violations = [] if (self.name or "").strip() else ["name must not be blank"]
        if len(self.description or "") > MAX_DESCRIPTION:
            violations.append(f"description cannot exceed {MAX_DESCRIPTION} characters")
        return violations + (["details must not be null"] if self.details is None else self.details.violations())

    @property
    def rule(self) -> FeedbackRule:
        details = msgspec.json.encode(self.details).decode()
        return FeedbackRule(self.name or "", self.description, str(self.__struct_config__.tag), details)


class NumericalDefinitionWrite(_Write[NumericalDetailsWrite], kw_only=True, tag="numerical"):
    pass


class CategoricalDefinitionWrite(_Write[CategoricalDetailsWrite], kw_only=True, tag="categorical"):
    pass


class BooleanDefinitionWrite(_Write[BooleanDetailsWrite], kw_only=True, tag="boolean"):
    pass


FeedbackDefinitionWrite = NumericalDefinitionWrite | CategoricalDefinitionWrite | BooleanDefinitionWrite


class NumericalDetails(Struct):
    min: float
    max: float


class CategoricalDetails(Struct):
    categories: dict[str, float]


class BooleanDetails(Struct):
    true_label: str
    false_label: str


Shown = TypeVar("Shown")


class _View(Struct, Generic[Shown], kw_only=True, omit_defaults=True, tag_field="type"):
    id: str
    name: str
    description: str | None = None
    details: Shown
    created_at: str
    created_by: str
    last_updated_at: str
    last_updated_by: str


class NumericalDefinitionView(_View[NumericalDetails], kw_only=True, tag="numerical"):
    pass


class CategoricalDefinitionView(_View[CategoricalDetails], kw_only=True, tag="categorical"):
    pass


class BooleanDefinitionView(_View[BooleanDetails], kw_only=True, tag="boolean"):
    pass


FeedbackDefinitionView = NumericalDefinitionView | CategoricalDefinitionView | BooleanDefinitionView


class FeedbackDefinitionPage(PageView[FeedbackDefinitionView], kw_only=True, omit_defaults=True):
    pass


class DefinitionPageQuery(PageQuery, kw_only=True):
    name: str | None = None
    type: FeedbackType | None = None
    sorting: str | None = None


def definition_view(definition: FeedbackDefinition) -> FeedbackDefinitionView:
    shown = {
        "id": definition.id,
        "name": definition.name,
        "description": definition.description,
        "type": definition.type,
        "details": msgspec.json.decode(definition.details),
        "created_at": format_us(definition.created_at),
        "created_by": definition.created_by,
        "last_updated_at": format_us(definition.last_updated_at),
        "last_updated_by": definition.last_updated_by,
    }
    view: FeedbackDefinitionView = msgspec.convert(shown, FeedbackDefinitionView)
    return view


def definition_page(page: Page[FeedbackDefinition]) -> FeedbackDefinitionPage:
    content = [definition_view(definition) for definition in page.items]
    return FeedbackDefinitionPage(
        page=page.page, size=len(content), total=page.total, content=content, sortable_by=tuple(SORTABLE)
    )
