//! JSON that JavaScript reads.

use alloc::vec::Vec;

use serde::Serialize;

use crate::answer::{Answer, Outcome};

/// The greatest integer that a JavaScript number can hold with those below it.
pub const GREATEST_INTEGER: u64 = (1 << 53) - 1;

/// Declares what is answered, written as an object of these members; an optional one that is none is
/// left out. It is a map to serde, whose structs would bring with them what serde_json does for raw
/// values.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $visible:vis struct $object:ident $(<$life:lifetime>)? {
            $($(#[$doc:meta])* $field:ident: $type:ty = $member:literal $($optional:ident)?,)*
        }
    ) => {
        $(#[$meta])*
        $visible struct $object $(<$life>)? {
            $($(#[$doc])* $field: $type,)*
        }

        impl $(<$life>)? serde::Serialize for $object $(<$life>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;

                let mut map = serializer.serialize_map(None)?;
                $(crate::json::object!(@member map, $member, &self.$field $(, $optional)?);)*
                map.end()
            }
        }
    };
    (@member $map:ident, $member:literal, $value:expr) => {
        $map.serialize_entry($member, $value)?
    };
    (@member $map:ident, $member:literal, $value:expr, optional) => {
        if let Some(value) = $value {
            $map.serialize_entry($member, value)?;
        }
    };
}

pub(crate) use object;

/// An answer of what is serialized.
pub fn answer(data: &impl Serialize) -> Outcome {
    match serde_json::to_vec(data) {
        Ok(json) => answer_text(json),
        // Not reached: what is serialized has no map whose keys are no strings.
        Err(_) => Err(Answer::of("unserializable")),
    }
}

/// An answer of JSON that is written already.
pub fn answer_text(json: Vec<u8>) -> Outcome {
    if has_unsafe_integer(&json) {
        return Err(Answer::of("unsafe_integer"));
    }
    Ok(Answer::of(str::from_utf8(&json).unwrap_or_default()))
}

/// Whether there is an integer that a JavaScript number cannot hold: it would be rounded. Whatever the
/// cluster has in the member of this name is handed on as it is, and not looked at.
fn has_unsafe_integer(json: &[u8]) -> bool {
    const AS_IT_IS: &[u8] = b"qos\":";
    let mut rest = json;
    // How deep it is, and how deep the member is that is not looked at.
    let (mut depth, mut passed_over) = (0_u32, None);
    while let Some((&first, behind)) = rest.split_first() {
        rest = behind;
        match first {
            b'"' => {
                if passed_over.is_none() && rest.starts_with(AS_IT_IS) {
                    passed_over = Some(depth);
                }
                rest = after_string(rest);
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' => {
                depth = depth.saturating_sub(u32::from(first != b','));
                passed_over = passed_over.filter(|member| depth > *member);
            }
            b'0'..=b'9' => {
                let is_part =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                let length = rest.iter().take_while(|byte| is_part(byte)).count();
                let (number, behind) = rest.split_at_checked(length).unwrap_or_default();
                rest = behind;
                let is_integer = number.iter().all(u8::is_ascii_digit);
                let digits = number.iter().map(|digit| u64::from(digit - b'0'));
                let value =
                    || digits.fold(u64::from(first - b'0'), |value, digit| value * 10 + digit);
                let is_unsafe = is_integer && (length > 15 || value() > GREATEST_INTEGER);
                if is_unsafe && passed_over.is_none() {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// What follows the end of a string.
fn after_string(mut rest: &[u8]) -> &[u8] {
    loop {
        let Some(stop) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) else {
            return &[];
        };
        let ends = rest.get(stop) == Some(&b'"');
        rest = rest.get(stop + if ends { 1 } else { 2 }..).unwrap_or_default();
        if ends {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::has_unsafe_integer;

    #[test]
    fn integers_that_would_be_rounded_are_found() {
        for json in [
            "9007199254740992",
            "[1,-9007199254740992]",
            r#"{"a\"":18446744073709551615}"#,
            r#"{"qos":{"a":[1]},"id":9007199254740992}"#,
            r#"[{"qos":1},9007199254740992]"#,
            r#"{"name":"qos","id":9007199254740992}"#,
        ] {
            assert!(has_unsafe_integer(json.as_bytes()), "{json}");
        }
        for json in [
            "9007199254740991",
            "-9007199254740991",
            r#""9007199254740992""#,
            "1.12345678901234567",
            "1e300",
            r#"{"id":1,"qos":{"a":[9007199254740992,2],"b":{"c":9007199254740993}},"size":2}"#,
            r#"{"qos":9007199254740992}"#,
        ] {
            assert!(!has_unsafe_integer(json.as_bytes()), "{json}");
        }
    }
}
