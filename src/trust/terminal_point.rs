//! Whether a terminal's public key is one: a point of its curve.
//!
//! `ring` sees that when it verifies, and says no more than that the signature is
//! wrong. Everything here is public, so the time it takes may vary.

use crypto_bigint::{
    Odd, U256,
    modular::{FixedMontyForm, FixedMontyParams},
};

type Field = FixedMontyParams<{ U256::LIMBS }>;
type Number = FixedMontyForm<{ U256::LIMBS }>;

/// 2²⁵⁶ − 2²²⁴ + 2¹⁹² + 2⁹⁶ − 1 (SP 800-186, 3.2.1.3).
const P256: Field = field("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
const P256_B: &str = "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b";

/// 2²⁵⁵ − 19 (RFC 8032 §5.1).
const ED25519: Field = field("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
/// Half of it, rounded down: a number to this power is 1 if it is a square.
const ED25519_HALF: &str = "3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6";
/// −121665/121666.
const ED25519_D: &str = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";

const fn field(prime: &str) -> Field {
    Field::new_vartime(Odd::<U256>::from_be_hex(prime))
}

fn number(value: &U256, field: &Field) -> Option<Number> {
    (value < field.modulus().as_ref()).then(|| Number::new(value, field))
}

/// Coordinates on P-256: y² = x³ − 3x + b.
pub(super) fn is_on_p256(x: &[u8; 32], y: &[u8; 32]) -> bool {
    let read = |bytes: &[u8; 32]| number(&U256::from_be_slice(bytes), &P256);
    let (Some(x), Some(y)) = (read(x), read(y)) else {
        return false;
    };
    let b = Number::new(&U256::from_be_hex(P256_B), &P256);
    let three_x = x + x + x;
    y * y == x * x * x - three_x + b
}

/// What an encoded point of Ed25519 is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoded {
    Point,
    /// One of the eight points under which anybody can sign.
    SmallOrder,
    Nothing,
}

/// Reads a point as RFC 8032 §5.1.3 does: y, little-endian, and in the highest
/// bit the lowest one of x.
pub(super) fn ed25519(bytes: &[u8; 32]) -> Encoded {
    let mut y = *bytes;
    let [.., last] = &mut y;
    *last &= 0x7F;
    let Some(y) = number(&U256::from_le_slice(&y), &ED25519) else {
        return Encoded::Nothing;
    };
    let one = Number::one(&ED25519);
    let d = Number::new(&U256::from_be_hex(ED25519_D), &ED25519);
    // x² = u/v, which is a square where u·v is; v is never zero.
    let (u, v) = (y * y - one, d * y * y + one);
    let zero = Number::zero(&ED25519);
    if u == zero {
        // y is 1 or −1, and x is 0, which has no other sign.
        return match bytes.last() {
            Some(last) if last & 0x80 == 0 => Encoded::SmallOrder,
            _ => Encoded::Nothing,
        };
    }
    let half = U256::from_be_hex(ED25519_HALF);
    if (u * v).pow_vartime(&half) != one {
        return Encoded::Nothing;
    }
    // Of order four are the points with y = 0, and of order eight those whose double
    // is such a one: x² + y² = 0.
    if y == zero || u + y * y * v == zero {
        return Encoded::SmallOrder;
    }
    Encoded::Point
}
