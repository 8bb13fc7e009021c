//! A share of a count, with what makes it honest: its n and its interval.

/// `hits` of `n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many did.
    pub hits: u64,
    /// Of how many.
    pub n: u64,
}

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Rate {
    /// `hits` of `n`; `None` of nothing: unknown is not zero.
    #[must_use]
    pub fn of(hits: u64, n: u64) -> Option<Self> {
        (n > 0 && hits <= n).then_some(Self { hits, n })
    }

    /// The share, 0 to 1.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of records are far below 2^52"
    )]
    pub fn share(self) -> f64 {
        self.hits as f64 / self.n as f64
    }

    /// The 95 % interval of the share by Wilson's score, which holds for small n and near 0 and 1 too.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of records are far below 2^52"
    )]
    pub fn interval(self) -> (f64, f64) {
        let (p, n) = (self.share(), self.n as f64);
        let centre = p + Z * Z / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        (
            ((centre - spread) / scale).max(0.0),
            ((centre + spread) / scale).min(1.0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fourteen_of_thirty_six_is_39_percent_between_25_and_55() {
        let rate = Rate::of(14, 36).unwrap();
        assert_eq!(format!("{:.0}", rate.share() * 100.0), "39");
        let (low, high) = rate.interval();
        assert_eq!(
            (
                format!("{:.0}", low * 100.0),
                format!("{:.0}", high * 100.0)
            ),
            ("25".to_owned(), "55".to_owned())
        );
    }

    #[test]
    fn of_nothing_there_is_no_rate() {
        assert_eq!(Rate::of(0, 0), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_share(n in 1..10_000_u64, part in 0.0..=1.0_f64) {
            let hits = (1..=n).filter(|k| (*k as f64) <= part * n as f64).count() as u64;
            let rate = Rate::of(hits, n).unwrap();
            let (low, high) = rate.interval();
            prop_assert!(0.0 <= low && low <= rate.share() + 1e-12 && rate.share() <= high + 1e-12 && high <= 1.0);
        }
    }
}
