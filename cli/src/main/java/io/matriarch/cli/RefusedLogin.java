package io.matriarch.cli;

/** Tells the operator which keys of the configuration hold the credentials. */
final class RefusedLogin {
    private RefusedLogin() {}

    static void explain(Console console, ApiAnswer answer) {
        if (answer.status() == 401) {
            console.errorLine(
                    "The member wants a user name and a password: set ctl.authentication (or"
                            + " restapi.authentication) in the configuration file.");
        }
    }
}
