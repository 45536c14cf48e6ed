//! What a secret does, and what it must not be able to do.

use core::fmt::{Debug, Display};

use element_pairing::{
    Cleaned, ClusterPairingKey, PairingKey, Secret, UnknownMembers, VolumePairingKey,
};

/// Compiles only if the types do not implement the trait: otherwise both implementations fit, and
/// the call is ambiguous.
macro_rules! not_implemented {
    ($bound:path: $($type:ty),+) => {{
        trait Unless<T> {
            fn fits() {}
        }
        impl<T: ?Sized> Unless<()> for T {}
        impl<T: ?Sized + $bound> Unless<u8> for T {}
        $(<$type as Unless<_>>::fits();)+
    }};
}

#[test]
fn cannot_be_copied_shown_or_made_from_nothing() {
    not_implemented!(Clone: Secret, Cleaned, UnknownMembers, ClusterPairingKey, VolumePairingKey, PairingKey);
    not_implemented!(Display: Secret, Cleaned, UnknownMembers, ClusterPairingKey, VolumePairingKey, PairingKey);
    not_implemented!(Default: Secret, Cleaned, ClusterPairingKey, VolumePairingKey, PairingKey);
    not_implemented!(AsRef<str>: Secret);
    not_implemented!(std::ops::Deref: Secret);
}

#[test]
fn debug_prints_neither_value_nor_length() {
    let printed = |secret: &dyn Debug| format!("{secret:?} {secret:#?}");
    assert_eq!(printed(&Secret::from("")), "Secret(..) Secret(..)");
    assert_eq!(printed(&Secret::from("x".repeat(100))), "Secret(..) Secret(..)");
}

#[test]
fn equality_is_that_of_the_text() {
    let same = |a: &str, b: &str| Secret::from(a) == Secret::from(b);
    assert!(same("", "") && same("pässword", "pässword"));
    assert!(!same("", "a") && !same("a", "ab") && !same("ab", "a"));
    assert!(!same("abc", "abd") && !same("abc", "bbc") && !same("abc", "aBc"));
}

#[test]
fn takes_strings_with_and_without_spare_room() {
    let mut roomy = String::with_capacity(64);
    roomy.push_str("text");
    assert_eq!(Secret::from(roomy).expose(), "text");
    assert_eq!(Secret::from(String::from("text")).expose(), "text");
    assert_eq!(Secret::from("text").expose(), "text");
}
