package io.matriarch.postgres;

import java.util.ArrayList;
import java.util.List;

/** Splits a configured command by the quoting rules of the POSIX shell; nothing is expanded. */
final class ShellWords {
    private ShellWords() {}

    /**
     * @throws IllegalArgumentException if a quotation is not closed
     */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
                continue;
            }
            inWord = true;
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote && quote != 0) {
                quote = 0;
            } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                if (quote == '"' && "\\\"$`".indexOf(next) < 0) {
                    word.append('\\');
                }
                word.append(next);
            } else {
                word.append(c);
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("No closing quotation in command: " + text);
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
