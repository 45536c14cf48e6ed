//! The methods that make and show accounts.

use alloc::{boxed::Box, string::String};

use super::{
    ACCOUNTS, Account, At, NAME_LENGTH, Simulator,
    answer::{Refusal, Reply},
    object::Object,
    params::{Params, invalid, required},
};
use crate::{api::ErrorName, secret::Secret};

/// How long a CHAP secret is, in characters. Source: API reference.
const SECRET_LENGTH: core::ops::RangeInclusive<usize> = 12..=16;

impl Simulator {
    pub(super) fn add_account(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let username = required("username", params.text("username")?)?;
        let initiator = self.chap_secret("initiatorSecret", params)?;
        let target = self.chap_secret("targetSecret", params)?;
        let attributes = params.attributes()?.unwrap_or_else(|| "{}".into());
        params.pass_over(&["enableChap"]);
        if !(1..=NAME_LENGTH).contains(&username.chars().count()) {
            return Err(invalid("username"));
        }
        let cluster = &mut self.clusters[at];
        if cluster.accounts.values().any(|account| account.username == username) {
            return Err(refusal(ErrorName::DuplicateUsername, "The user name is taken."));
        }
        if cluster.accounts.len() >= ACCOUNTS {
            return Err(refusal(ErrorName::ExceededLimit, "There are too many accounts."));
        }
        let id = cluster.next_account;
        cluster.next_account += 1;
        let account =
            Account { username, initiator_secret: initiator, target_secret: target, attributes };
        cluster.accounts.insert(id, account);
        Ok(Box::new(move |simulator, result| {
            simulator.write_account(result, at, id);
            result.number("accountID", id);
        }))
    }

    fn chap_secret(
        &mut self,
        name: &'static str,
        params: &mut Params<'_>,
    ) -> Result<Secret, Refusal> {
        match params.secret(name)? {
            Some(secret) if !SECRET_LENGTH.contains(&secret.expose().chars().count()) => {
                Err(invalid(name))
            }
            Some(secret) => Ok(secret),
            None => Ok(self.secret(*SECRET_LENGTH.start())),
        }
    }

    pub(super) fn get_account_by_id(
        &self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("accountID", params.integer("accountID")?)?;
        self.account(at, id)?;
        Ok(Box::new(move |simulator, result| simulator.write_account(result, at, id)))
    }

    pub(super) fn get_account_by_name(
        &self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let name: String = required("username", params.text("username")?)?;
        let mut accounts = self.clusters[at].accounts.iter();
        let found = accounts.find(|(_, account)| account.username == name);
        let (&id, _) = found.ok_or_else(unknown)?;
        Ok(Box::new(move |simulator, result| simulator.write_account(result, at, id)))
    }

    /// The account of this ID.
    pub(super) fn account(&self, at: At, id: u64) -> Result<&Account, Refusal> {
        self.clusters[at].accounts.get(&id).ok_or_else(unknown)
    }

    /// The member `account` of a result.
    fn write_account(&self, result: &mut Object<'_, '_>, at: At, id: u64) {
        let Ok(account) = self.account(at, id) else { return };
        let volumes = self.clusters[at].volumes.iter();
        let own = volumes.filter(|(_, volume)| volume.account == id).map(|(id, _)| id);
        result.object("account", |object| {
            object.number("accountID", id);
            object.json("attributes", &account.attributes);
            object.flag("enableChap", true);
            object.text("initiatorSecret", account.initiator_secret.expose());
            object.text("status", "active");
            object.json("storageContainerID", "null");
            object.text("targetSecret", account.target_secret.expose());
            object.text("username", &account.username);
            object.list("volumes", own, |writer, id| writer.integer(id));
        });
    }
}

fn unknown() -> Refusal {
    refusal(ErrorName::UnknownAccount, "There is no such account.")
}

fn refusal(name: ErrorName, what: &str) -> Refusal {
    let message = alloc::format!("{name}: {what}");
    Refusal::new(name, message)
}
