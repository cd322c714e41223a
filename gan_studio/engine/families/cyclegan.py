"""CycleGAN (Zhu 2017): learns to translate between two kinds of pictures that are not paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim import Optimizer

from gan_studio.engine.adam import AdamSettings, adam
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.domains import EXAMPLES
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.base import (
    Controls,
    DataSpec,
    Examples,
    Family,
    Parts,
    Phase,
    Sampler,
    Stage,
    StepContext,
)
from gan_studio.engine.families.registry import register_family
from gan_studio.engine.networks.past_pictures import PicturePool
from gan_studio.engine.networks.translation import PatchDiscriminator, Translator, most_halvings
from gan_studio.engine.objectives import least_squares_d_loss
from gan_studio.engine.sampler_controls import ControlSpec
from gan_studio.engine.settings import Settings, setting

LEAST_RATE = 0.01
"""Share of the learning rates that is left after the decay, so that a run which is trained on still learns."""
BYTES_A_FEATURE = 24
"""What one pixel of one full-size map takes while a picture is translated, copies and padding included."""
GRID_COLUMNS = 6
"""A → B → A beside B → A → B."""
GENERATORS, DISCRIMINATORS = ("G_AB", "G_BA"), ("D_A", "D_B")


class CycleGANSettings(AdamSettings):
    """Defaults: the paper's networks for pictures of 256 px, and its losses."""

    GROUPS: ClassVar[Mapping[str, str]] = {
        "Networks": "How large the two generators and the two discriminators are. Nine blocks are for 256 px, six for "
        "128; small pictures need few features and one halving, and train many times as fast.",
        "Losses": "What holds the two translations together. There and back again shall give the picture one began "
        "with: the more that counts, the closer a translation keeps to its picture, and the less it changes.",
        "Decay": "The learning rates stay as they are for a while and then fall in a straight line: translations "
        "settle. Counted in pictures shown, so that a resumed run goes on exactly.",
    }

    features: int = setting(
        64, label="Features of G", group="Networks", ge=2, le=256, step=16,
        help="Channels of the generators next to the picture; they double with each halving. 32 is a quarter of the "
        "work.",
    )  # fmt: skip
    halvings: int = setting(
        2, label="Halvings in G", group="Networks", ge=1, le=4,
        help="How often a picture is halved before the residual blocks; one keeps small pictures sharp.",
    )  # fmt: skip
    blocks: int = setting(
        9, label="Residual blocks", group="Networks", ge=1, le=24,
        help="Depth of the generators: 9 in the paper for 256 px, 6 for 128 px.",
    )  # fmt: skip
    d_features: int = setting(
        64, label="Features of D", group="Networks", ge=2, le=256, step=16,
        help="Channels of the discriminators next to the picture.",
    )  # fmt: skip
    d_halvings: int = setting(
        3, label="Halvings in D", group="Networks", advanced=True, ge=1, le=5,
        help="3 judges patches of 70×70 pixels, 2 of 34×34, 1 of 16×16. No more than the pictures have room for.",
    )  # fmt: skip
    cycle_weight: float = setting(
        10.0, label="Weight of the cycle", group="Losses", ge=0, le=1000, step=1,
        help="How much it counts that a picture comes back as it was, after a translation there and back.",
    )  # fmt: skip
    identity_weight: float = setting(
        0.5, label="Weight of identity", group="Losses", ge=0, le=10, step=0.1,
        help="How much, as a share of the cycle, it counts that a generator leaves pictures of its target as they "
        "are. It keeps the colours.",
    )  # fmt: skip
    pool_size: int = setting(
        50, label="Past pictures", group="Losses", advanced=True, ge=0, le=1000, step=10,
        help="So many past translations of each kind are shown to D again; 0 shows it the newest alone.",
    )  # fmt: skip
    constant_images: int = setting(
        100_000, label="Constant for", unit="pictures", group="Decay", ge=0, le=10**9, step=10_000,
        help="Pictures of each kind shown before the learning rates begin to fall; the paper takes 100 epochs.",
    )  # fmt: skip
    decay_images: int = setting(
        100_000, label="Falls over", unit="pictures", group="Decay", ge=0, le=10**9, step=10_000,
        help="Pictures shown while they fall to nearly nothing; 0 keeps them as they are. The paper takes 100 epochs.",
    )  # fmt: skip


@dataclass(frozen=True)
class Translated:
    """A step's pictures, `[N, C, H, W]`: translated, and what each generator makes of its own target."""

    fake_a: Tensor
    fake_b: Tensor
    same_a: Tensor | None
    same_b: Tensor | None


class Pools(nn.Module):
    """Past translations into A and into B."""

    def __init__(self, capacity: int, picture: PictureSpec) -> None:
        super().__init__()
        self.a = PicturePool(capacity, picture.channels, picture.size)
        self.b = PicturePool(capacity, picture.channels, picture.size)


@register_family(
    "cyclegan", title="CycleGAN", summary="Translates between two kinds of pictures, A and B, that need no pairs."
)
class CycleGAN(Family):
    """Zhu 2017. `G_AB` and `G_BA` translate, `D_A` and `D_B` judge; both of a kind share an optimiser."""

    Config: ClassVar[type[Settings]] = CycleGANSettings
    config: CycleGANSettings

    def __init__(self, config: CycleGANSettings, picture: PictureSpec) -> None:
        super().__init__(config, picture)
        if picture.size % 2**config.halvings or picture.size < 2 ** (config.halvings + 1):
            raise SettingsError(
                f"CycleGAN cannot halve pictures of {picture.size} px {config.halvings} times.",
                "Choose fewer halvings in G, or another size.",
            )

    @classmethod
    def data(cls) -> DataSpec:
        return DataSpec(
            "Pictures of two kinds, A and B, which need not belong together: two folders or zips, or two class "
            "folders of one.",
            domains=("A", "B"),
        )

    @classmethod
    def tiny(cls) -> CycleGANSettings:
        return CycleGANSettings(features=4, halvings=1, blocks=1, d_features=4, d_halvings=1, pool_size=6)

    @classmethod
    def presets(cls) -> Mapping[str, Settings]:
        return {
            "CycleGAN, 9 blocks (256 px)": CycleGANSettings(),
            "CycleGAN, 6 blocks (128 px)": CycleGANSettings(blocks=6),
            "CycleGAN, small pictures (32 px)": CycleGANSettings(
                features=24, halvings=1, blocks=3, d_features=32, d_halvings=2,
                constant_images=40_000, decay_images=40_000,
            ),
        }  # fmt: skip

    @classmethod
    def suggestions(cls) -> Mapping[str, Any]:
        return {"batch_size": 1}

    def build(self) -> Parts:
        config, picture = self.config, self.picture
        shape = {"features": config.features, "halvings": config.halvings, "blocks": config.blocks}
        halvings = min(config.d_halvings, most_halvings(picture.size))
        networks: dict[str, nn.Module] = {
            name: Translator(picture.channels, picture.size, **shape) for name in GENERATORS
        }
        networks |= {
            name: PatchDiscriminator(picture.channels, features=config.d_features, halvings=halvings)
            for name in DISCRIMINATORS
        }
        return Parts(networks, averaged=GENERATORS, state=Pools(config.pool_size, picture))

    def optimizers(self, parts: Parts) -> dict[str, Optimizer]:
        config = self.config
        rates = {"D": (DISCRIMINATORS, config.d_learning_rate), "G": (GENERATORS, config.g_learning_rate)}
        return {
            name: adam(chain(*(parts.networks[each].parameters() for each in networks)), rate, config)
            for name, (networks, rate) in rates.items()
        }

    def stage(self, images: int) -> Stage:
        """Constant, then falling in a straight line (Zhu 2017, section 4)."""
        if not self.config.decay_images:
            return Stage()
        gone = max(0, images - self.config.constant_images) / self.config.decay_images
        factor = max(LEAST_RATE, 1 - gone)
        return Stage(values={"rate_factor": factor}, learning_rate_factors={"D": factor, "G": factor})

    def phases(self, stage: Stage) -> Sequence[Phase]:
        """D comes first, so that both judge and train on the same translations of one forward pass."""
        return Phase("D", DISCRIMINATORS, "D", self.d_loss), Phase("G", GENERATORS, "G", self.g_loss)

    def generate(self, ctx: StepContext) -> Translated:
        """Each generator sees both kinds in one pass; InstanceNorm keeps pictures apart."""
        a, b = ctx.reals("A"), ctx.reals("B")
        if not self.config.identity_weight:
            return Translated(ctx.networks["G_BA"](b), ctx.networks["G_AB"](a), None, None)
        fake_b, same_b = ctx.networks["G_AB"](torch.cat([a, b])).split([len(a), len(b)])
        fake_a, same_a = ctx.networks["G_BA"](torch.cat([b, a])).split([len(b), len(a)])
        return Translated(fake_a, fake_b, same_a, same_b)

    def keep_examples(self, networks: Mapping[str, nn.Module], examples: Examples) -> None:
        for name, domain in zip(GENERATORS, ("A", "B"), strict=True):
            network: Any = networks[name]
            network.examples.copy_(examples[domain])

    def sampler(self, networks: Mapping[str, nn.Module]) -> Sampler:
        there, back = (networks[name] for name in GENERATORS)
        return TranslatingSampler(there, back, self.picture)

    def reference_lines(self) -> Mapping[str, float]:
        """Where D says ½ to everything."""
        return {"loss/D_A": 0.25, "loss/D_B": 0.25, "score/real": 0.5, "score/fake": 0.5}

    # --- losses ---

    def d_loss(self, ctx: StepContext) -> Tensor:
        """½(D(x) - 1)² + ½D(G(y))² of both discriminators, on past translations too (Zhu 2017, section 4)."""
        fakes, pools = ctx.fakes(), ctx.state
        sides = (("D_A", "A", fakes.fake_a, pools.a), ("D_B", "B", fakes.fake_b, pools.b))
        return torch.stack([self._one_d_loss(ctx, *side) for side in sides]).sum()

    def _one_d_loss(self, ctx: StepContext, name: str, domain: str, fakes: Tensor, pool: Any) -> Tensor:
        reals, shown = ctx.reals(domain), ctx.over_batch(pool.swap, fakes.detach())
        real_logits, fake_logits = ctx.networks[name](torch.cat([reals, shown])).split([len(reals), len(shown)])
        loss = least_squares_d_loss(real_logits, fake_logits)
        ctx.log(f"loss/{name}", loss)
        ctx.log("score/real", real_logits.float().mean())
        ctx.log("score/fake", fake_logits.float().mean())
        return loss

    def g_loss(self, ctx: StepContext) -> Tensor:
        """Adversarial + λ cycle + ½λ identity, both ways (Zhu 2017, eq. 3 and section 5.2)."""
        fakes, weight = ctx.fakes(), self.config.cycle_weight
        loss = _fooling(ctx.networks["D_A"](fakes.fake_a)) + _fooling(ctx.networks["D_B"](fakes.fake_b))
        cycle_a = _distance(ctx.networks["G_BA"](fakes.fake_b), ctx.reals("A"))
        cycle_b = _distance(ctx.networks["G_AB"](fakes.fake_a), ctx.reals("B"))
        loss = loss + weight * (cycle_a + cycle_b)
        ctx.log("cycle/A", cycle_a)
        ctx.log("cycle/B", cycle_b)
        if fakes.same_a is not None:
            identity = _distance(fakes.same_a, ctx.reals("A")) + _distance(fakes.same_b, ctx.reals("B"))
            loss = loss + weight * self.config.identity_weight * identity
            ctx.log("identity", identity)
        ctx.log("loss/G", loss)
        return loss


def _fooling(logits: Tensor) -> Tensor:
    """(D(G(x)) - 1)² (Zhu 2017, section 4)."""
    return (logits.float() - 1).square().mean()


def _distance(pictures: Tensor, others: Tensor) -> Tensor:
    """Mean absolute difference."""
    return F.l1_loss(pictures.float(), others.float())


class TranslatingSampler(Sampler):
    """A picture of any size and a direction in; its translation, and that translated back."""

    main_output, before_output = "translation", "picture"

    def __init__(self, there: nn.Module, back: nn.Module, picture: PictureSpec) -> None:
        self._translators: tuple[Any, Any] = (there, back)
        first, second = picture.classes if len(picture.classes) == 2 else ("A", "B")
        directions = (f"{first} → {second}", f"{second} → {first}")
        self.controls = (
            ControlSpec("picture", "Picture", "picture", (picture.channels, picture.size, picture.size)),
            ControlSpec("direction", "Direction", "choice", choices=directions),
        )

    def __call__(self, controls: Controls) -> dict[str, Tensor]:
        """`picture` as it went in, `translation` and `back`. Without a picture it is the first example."""
        pictures, directions = self._given(controls)
        translations, returned = torch.empty_like(pictures), torch.empty_like(pictures)
        for direction, there in enumerate(self._translators):
            chosen = directions == direction
            if chosen.any():
                translations[chosen] = there(pictures[chosen]).float()
                returned[chosen] = self._translators[1 - direction](translations[chosen]).float()
        return {"picture": pictures, "translation": translations, "back": returned}

    def fixed_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Examples of A and B by turns."""
        directions = torch.arange(count) % 2
        return {"picture": self._examples(torch.arange(count) // 2, directions), "direction": directions}

    def random_controls(self, count: int, generator: torch.Generator) -> Controls:
        """Examples of A and B by chance."""
        directions = torch.randint(2, (count,), generator=generator)
        numbers = torch.randint(EXAMPLES, (count,), generator=generator)
        return {"picture": self._examples(numbers, directions), "direction": directions}

    def grid_pictures(self, controls: Controls) -> Tensor:
        """A → B → A, and beside it B → A → B: three cells for each picture."""
        made = self(controls)
        cells = torch.stack([made["picture"], made["translation"], made["back"]], 1)
        return cells.flatten(0, 1)

    def memory_bytes(self, height: int, width: int) -> int:
        """A whole picture goes through at once: InstanceNorm looks at all of it, so tiles would show seams."""
        return height * width * self._translators[0].features * BYTES_A_FEATURE

    def grid_count(self, most: int) -> int:
        return 2 * max(1, min(EXAMPLES, most // GRID_COLUMNS))

    def grid_columns(self, count: int) -> int:
        return GRID_COLUMNS

    def _examples(self, numbers: Tensor, directions: Tensor) -> Tensor:
        """Float `[N, C, S, S]` in [-1, 1] on the CPU: of A where the direction is 0, of B where it is 1."""
        both = torch.stack([translator.examples.cpu() for translator in self._translators])
        return both[directions, numbers % EXAMPLES].float() / 127.5 - 1

    def _given(self, controls: Controls) -> tuple[Tensor, Tensor]:
        weight = next(self._translators[0].parameters())
        directions = torch.as_tensor(controls.get("direction", 0), dtype=torch.int64).reshape(-1)
        pictures = controls["picture"] if "picture" in controls else self._examples(directions * 0, directions.cpu())
        pictures = pictures.to(weight.device, torch.float32)
        return pictures, directions.to(weight.device).expand(len(pictures))
