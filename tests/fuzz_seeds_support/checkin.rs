//! What happens at a desk.

use super::Seeds;

/// Visits at each desk in which the n-th sensible thing happens each time, at once or after a while; and with one other event
/// in the middle.
pub fn check_ins() {
    let seeds = Seeds::of("checkin");
    for desk in 0..21_u8 {
        for which in 0..6_u8 {
            for wait in [0, 0x43, 0x5F] {
                let visit = [wait, which].repeat(40);
                seeds.write(&format!("{desk}-{which}-{wait}"), &[desk], &visit);
            }
        }
        for at in 2..14 {
            let mut visit = [0, 0].repeat(40);
            let other = [0x80, at * 17 + desk];
            visit.splice(usize::from(at) * 2..usize::from(at) * 2, other);
            seeds.write(&format!("{desk}-other-{at}"), &[desk], &visit);
        }
    }
}
