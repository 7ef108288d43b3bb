//! What the reader's driver says about itself (PC/SC part 10).

use pcsc::Card;

/// CM_IOCTL_GET_FEATURE_REQUEST (part 10, 2.2).
const GET_FEATURE_REQUEST: u32 = 3400;
/// FEATURE_VERIFY_PIN_DIRECT (part 10, 2.3).
const FEATURE_VERIFY_PIN_DIRECT: u8 = 0x06;
/// FEATURE_GET_TLV_PROPERTIES (part 10, 2.3).
const FEATURE_GET_TLV_PROPERTIES: u8 = 0x12;
/// dwMaxAPDUDataSize among the properties (part 10, 2.6.14).
const MAX_APDU_DATA_SIZE: u8 = 0x0A;

/// What the driver says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Features {
    /// How much APDU data it carries: `Some(0)` means short APDUs only. `None` if it doesn't say.
    pub(super) max_apdu_data: Option<u32>,
    /// Control code of the keypad, where there is one.
    pub(super) verify_pin_direct: Option<u32>,
}

impl Features {
    /// Asks the driver. Nothing goes to the card.
    pub(super) fn of(card: &Card) -> Self {
        let mut buffer = [0; 256];
        let request = pcsc::ctl_code(GET_FEATURE_REQUEST.into());
        let Ok(features) = card.control(request, &[], &mut buffer) else {
            return Self::default();
        };
        // Control codes are big-endian, by the standard.
        let code = |feature| find(features, feature).map(u32::from_be_bytes);
        Self {
            max_apdu_data: code(FEATURE_GET_TLV_PROPERTIES)
                .and_then(|code| max_apdu_data(card, code)),
            verify_pin_direct: code(FEATURE_VERIFY_PIN_DIRECT),
        }
    }
}

fn max_apdu_data(card: &Card, code: u32) -> Option<u32> {
    let mut buffer = [0; 1024];
    let properties = card.control(code.into(), &[], &mut buffer).ok()?;
    // Values of properties are little-endian, by the standard.
    plausible(u32::from_le_bytes(find(properties, MAX_APDU_DATA_SIZE)?))
}

/// 1 to 256 and more than 65,536 are reserved.
fn plausible(size: u32) -> Option<u32> {
    (size == 0 || (257..=0x1_0000).contains(&size)).then_some(size)
}

/// The four bytes behind `tag` in a list of one byte of tag, one byte of length, value. What is malformed ends the search.
fn find(mut list: &[u8], tag: u8) -> Option<[u8; 4]> {
    while let [found, len, rest @ ..] = list {
        let (value, after) = rest.split_at_checked(usize::from(*len))?;
        if *found == tag {
            return value.try_into().ok();
        }
        list = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_value_behind_the_tag() {
        let list = [
            0x06, 4, 0x42, 0, 0x0D, 0x46, 0x01, 1, 9, 0x12, 4, 0x42, 0, 0x0D, 0x48,
        ];
        assert_eq!(find(&list, 0x12), Some([0x42, 0, 0x0D, 0x48]));
        assert_eq!(find(&list, 0x06), Some([0x42, 0, 0x0D, 0x46]));
        assert_eq!(find(&list, 0x01), None, "a value of another length");
        assert_eq!(find(&list, 0x0A), None);
        for cut in 0..list.len() {
            assert_eq!(find(&list[..cut], 0x12), None);
        }
    }

    #[test]
    fn reserved_sizes_say_nothing() {
        assert_eq!(plausible(0), Some(0));
        assert_eq!(plausible(65_536), Some(65_536));
        for size in [1, 256, 65_537, u32::MAX] {
            assert_eq!(plausible(size), None);
        }
    }
}
