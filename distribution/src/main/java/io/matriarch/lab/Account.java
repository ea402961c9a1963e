package io.matriarch.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whose rights the servers run with. PostgreSQL refuses to run as root, so root lends them the
 * account of the PostgreSQL packages; anybody else is their owner.
 *
 * @param name the account to change to; empty = stay who we are
 */
public record Account(Optional<String> name) {
    private static final List<String> CANDIDATES = List.of("postgres", "nobody");

    public static Account choose() throws LabException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Account(Optional.empty());
        }
        for (String candidate : CANDIDATES) {
            if (principal(candidate).isPresent()) {
                return new Account(Optional.of(candidate));
            }
        }
        throw new LabException(
                "running as root, and there is no account 'postgres' to run the servers; start the"
                        + " demo as an ordinary user");
    }

    /**
     * The command as this account runs it: in a session of its own, so that Ctrl-C reaches the demo
     * alone and it ends its children in order; and ended by the kernel if the lab is killed.
     */
    public List<String> command(List<String> command) {
        List<String> full = new ArrayList<>(List.of("setsid", "setpriv", "--pdeathsig", "TERM"));
        name.ifPresent(
                account ->
                        full.addAll(
                                List.of("--reuid", account, "--regid", account, "--clear-groups")));
        full.add("--");
        full.addAll(command);
        return full;
    }

    /** Makes the account the owner of the file or folder. */
    public void own(Path path) throws IOException {
        if (name.isPresent()) {
            UserPrincipal owner =
                    path.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(name.get());
            Files.setOwner(path, owner);
        }
    }

    private static Optional<UserPrincipal> principal(String account) {
        try {
            return Optional.of(
                    Path.of("/")
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(account));
        } catch (IOException e) {
            return Optional.empty(); // no such account: the next candidate is tried
        }
    }
}
