package io.matriarch.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The operator's editor on a temporary file. */
final class TextEditor {
    private TextEditor() {}

    /**
     * @return the text as the operator left it
     * @throws CtlError if there is no editor or it failed
     */
    static String edit(String text, String cluster, Map<String, String> environment)
            throws InterruptedException {
        String editor = executable(environment);
        try {
            Path file =
                    Files.createTempFile(cluster.replaceAll("[^\\w.-]", "_") + "-config-", ".yaml");
            try {
                Files.writeString(file, text);
                int code =
                        new ProcessBuilder(editor, file.toString()).inheritIO().start().waitFor();
                if (code != 0) {
                    throw new CtlError("Editor exited with return code " + code);
                }
                return Files.readString(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new CtlError("The editor " + editor + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String executable(Map<String, String> environment) {
        String chosen = environment.getOrDefault("EDITOR", "");
        if (!chosen.isBlank()) {
            return chosen;
        }
        for (String name : new String[] {"editor", "vi"}) {
            for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
                if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
                    return name;
                }
            }
        }
        throw new CtlError(
                "No editor was found; set EDITOR to the path of one, or use --set, --pg, --apply or"
                        + " --replace");
    }
}
