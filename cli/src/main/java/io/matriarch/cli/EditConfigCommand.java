package io.matriarch.cli;

import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "edit-config", description = "Change the dynamic configuration.")
final class EditConfigCommand extends CtlCommand {
    private static final String STDIN = "-";

    @Mixin private OptionalCluster cluster;
    @Mixin private Force force;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not show the changes.")
    private boolean quiet;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "PATH=VALUE",
            description = "Set a value; null removes it.")
    private List<String> set = List.of();

    @Option(
            names = {"-p", "--pg"},
            paramLabel = "PARAMETER=VALUE",
            description = "Set a parameter of PostgreSQL; null removes it.")
    private List<String> parameters = List.of();

    @Option(names = "--apply", paramLabel = "FILE", description = "Merge a file in (- = stdin).")
    private String apply;

    @Option(
            names = "--replace",
            paramLabel = "FILE",
            description = "Take a file instead (- = stdin).")
    private String replace;

    @Override
    Verdict act() throws InterruptedException {
        try (CtlSession session = open(cluster.name())) {
            ClusterPicture picture = session.picture();
            Map<String, Object> before =
                    picture.view()
                            .config()
                            .orElseThrow(
                                    () ->
                                            new CtlError(
                                                    "The config key does not exist in the cluster "
                                                            + session.cluster()));
            Map<String, Object> after = changed(before, session.cluster());
            String oldText = YamlText.block(before);
            String newText = YamlText.block(after);
            if (oldText.equals(newText)) {
                if (!quiet) {
                    console().line("Not changed");
                }
                return Verdict.DONE;
            }
            if (!quiet) {
                ConfigDiff.between(oldText, newText).print(console(), surroundings().environment());
            }
            warn(before, after);
            return isConfirmed() ? write(session, picture, after) : Verdict.REFUSED;
        }
    }

    /** What the members would make of the new values, where it differs from what they say. */
    private void warn(Map<String, Object> before, Map<String, Object> after) {
        List<String> known = DynamicConfig.settings(before).warnings();
        DynamicConfig.settings(after).warnings().stream()
                .filter(warning -> !known.contains(warning))
                .forEach(warning -> console().warn(surroundings().clock(), warning));
    }

    private Map<String, Object> changed(Map<String, Object> before, String name)
            throws InterruptedException {
        boolean edited = replace == null && apply == null && set.isEmpty() && parameters.isEmpty();
        if (edited) {
            String text =
                    TextEditor.edit(YamlText.block(before), name, surroundings().environment());
            return YamlText.parseMapping(text, "The edited text");
        }
        Map<String, Object> document = before;
        if (replace != null) {
            document = DynamicConfig.patch(Map.of(), read(replace));
        }
        if (apply != null) {
            document = DynamicConfig.patch(document, read(apply));
        }
        for (String pair : set) {
            document = ConfigPairs.apply(document, pair);
        }
        for (String pair : parameters) {
            document = ConfigPairs.apply(document, ConfigPairs.parameter(pair));
        }
        return document;
    }

    private Map<String, Object> read(String file) {
        if (file.equals(STDIN)) {
            return YamlText.parseMapping(console().rest(), "The standard input");
        }
        try {
            return YamlText.parseMapping(Files.readString(Path.of(file)), "The file " + file);
        } catch (IOException e) {
            throw new CtlError("The file " + file + " cannot be read", e);
        }
    }

    /** Standard input that held the change cannot answer a question as well. */
    private boolean isConfirmed() {
        if (force.given()) {
            return true;
        }
        if (STDIN.equals(apply) || STDIN.equals(replace)) {
            console().line("Use --force option to apply changes");
            return false;
        }
        return console().confirm("Apply these changes?");
    }

    private Verdict write(CtlSession session, ClusterPicture picture, Map<String, Object> after) {
        Guard guard = picture.view().configVersion().map(Guard::version).orElseGet(Guard::absent);
        if (session.store().config(after, guard) instanceof Outcome.Refused<?>) {
            throw new CtlError("Config modification aborted due to concurrent changes");
        }
        console().line("Configuration changed");
        return Verdict.DONE;
    }
}
