package io.matriarch.daemon.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses from Java's cipher suites by a list as OpenSSL takes it ({@code ECDHE+AESGCM:!aNULL}).
 * Such a list rules TLS 1.2 and older; the suites of TLS 1.3 have nothing to choose and always
 * stay.
 *
 * @param suites by Java's names, in the order of the list
 * @param ignored what is in the list and means nothing here
 */
record CipherList(List<String> suites, List<String> ignored) {
    /** Words that OpenSSL knows and that no suite of a Java runtime has. */
    private static final Set<String> WITHOUT_SUITES =
            Set.of(
                    ("LOW EXP EXPORT EXPORT40 EXPORT56 PSK kPSK aPSK kECDHEPSK kDHEPSK kRSAPSK SRP"
                                    + " aSRP kSRP CAMELLIA CAMELLIA128 CAMELLIA256 ARIA ARIA128"
                                    + " ARIA256 ARIAGCM SEED IDEA RC2 RC4 MD5 DES GOST GOST94 GOST89MAC"
                                    + " aGOST aGOST01 kGOST KRB5 AESCCM AESCCM8 SSLv2 aDH kDHr kDHd"
                                    + " kECDHr kECDHe aECDH kDSS eNULL NULL COMPLEMENTOFALL"
                                    + " COMPLEMENTOFDEFAULT aNULL ADH AECDH 3DES DSS aDSS kDH kECDH"
                                    + " MEDIUM")
                            .split(" "));

    /**
     * @param text the list
     * @param supported what this Java runtime offers
     * @throws IllegalArgumentException one sentence, if nothing is left
     */
    static CipherList of(String text, String[] supported) {
        List<String> always = new ArrayList<>();
        List<Suite> candidates = new ArrayList<>();
        for (String name : supported) {
            if (name.contains("_WITH_")) {
                candidates.add(Suite.of(name));
            } else {
                always.add(name);
            }
        }
        Choice choice = new Choice(candidates, always);
        for (String item : text.trim().split("[:, ;]+")) {
            choice.take(item);
        }
        if (choice.chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    "restapi.ciphers '"
                            + text
                            + "' selects no cipher that this Java runtime has; change the list or"
                            + " remove it");
        }
        choice.chosen.forEach(suite -> always.add(suite.name));
        return new CipherList(List.copyOf(always), List.copyOf(choice.ignored));
    }

    /** The list as far as it was read. */
    private static final class Choice {
        private final List<Suite> candidates;
        private final List<String> modern;
        private final List<String> ignored = new ArrayList<>();
        private List<Suite> chosen = new ArrayList<>();

        Choice(List<Suite> candidates, List<String> modern) {
            this.candidates = new ArrayList<>(candidates);
            this.modern = List.copyOf(modern);
        }

        void take(String item) {
            if (item.isEmpty() || modern.contains(item)) {
                return;
            }
            if (item.equals("@STRENGTH")) {
                chosen = new ArrayList<>(chosen);
                chosen.sort(Comparator.comparingInt((Suite suite) -> suite.bits).reversed());
                return;
            }
            char sign = item.charAt(0);
            boolean signed = sign == '!' || sign == '-' || sign == '+';
            String words = signed ? item.substring(1) : item;
            if (!known(words)) {
                ignored.add(item);
                return;
            }
            Predicate<Suite> meant = suite -> suite.hasAll(words);
            if (!signed) {
                candidates.stream()
                        .filter(meant)
                        .filter(suite -> !chosen.contains(suite))
                        .forEach(chosen::add);
                return;
            }
            List<Suite> last = sign == '+' ? chosen.stream().filter(meant).toList() : List.of();
            chosen.removeIf(meant);
            chosen.addAll(last);
            if (sign == '!') {
                candidates.removeIf(meant);
            }
        }

        private boolean known(String words) {
            return !words.isEmpty()
                    && Arrays.stream(words.split("\\+"))
                            .allMatch(
                                    word ->
                                            WITHOUT_SUITES.contains(word)
                                                    || Suite.WORDS.contains(word)
                                                    || candidates.stream()
                                                            .anyMatch(s -> s.is(word)));
        }
    }

    /**
     * @param name Java's
     * @param openssl its name there
     * @param words by which lists mean it
     * @param bits of the key
     */
    private record Suite(String name, String openssl, Set<String> words, int bits) {
        /** What some suite may have, whether this runtime has such a one or not. */
        static final Set<String> WORDS =
                Set.of(
                        ("ALL DEFAULT HIGH ECDHE EECDH kECDHE kEECDH ECDH DHE EDH kDHE kEDH DH RSA"
                                        + " kRSA aRSA ECDSA aECDSA AES AES128 AES256 AESGCM CHACHA20"
                                        + " SHA SHA1 SHA256 SHA384 TLSv1.2 TLSv1 TLSv1.0 SSLv3")
                                .split(" "));

        static Suite of(String name) {
            String[] halves = name.substring(name.indexOf('_') + 1).split("_WITH_");
            int end = halves[1].lastIndexOf('_');
            String cipher = halves[1].substring(0, end);
            String digest = halves[1].substring(end + 1);
            boolean sealed = cipher.endsWith("GCM") || cipher.endsWith("POLY1305");
            Set<String> words = new LinkedHashSet<>(ofExchange(halves[0]));
            words.addAll(ofCipher(cipher));
            if (!sealed) {
                words.addAll(digest.equals("SHA") ? List.of("SHA", "SHA1") : List.of(digest));
            }
            boolean recent = sealed || digest.equals("SHA256") || digest.equals("SHA384");
            words.addAll(recent ? List.of("TLSv1.2") : List.of("TLSv1", "TLSv1.0", "SSLv3"));
            if (!words.contains("eNULL")) {
                words.add("ALL");
                if (!words.contains("aNULL")) {
                    words.add("DEFAULT");
                }
            }
            return new Suite(name, openssl(halves[0], cipher, digest), words, bits(cipher));
        }

        private static List<String> ofExchange(String exchange) {
            return switch (exchange) {
                case "ECDHE_RSA" -> List.of("ECDHE", "EECDH", "kECDHE", "kEECDH", "ECDH", "aRSA");
                case "ECDHE_ECDSA" ->
                        List.of("ECDHE", "EECDH", "kECDHE", "kEECDH", "ECDH", "ECDSA", "aECDSA");
                case "DHE_RSA" -> List.of("DHE", "EDH", "kDHE", "kEDH", "DH", "aRSA");
                case "DHE_DSS" -> List.of("DHE", "EDH", "kDHE", "kEDH", "DH", "DSS", "aDSS");
                case "RSA" -> List.of("RSA", "kRSA", "aRSA");
                case "ECDH_RSA" -> List.of("kECDH", "ECDH", "aRSA");
                case "ECDH_ECDSA" -> List.of("kECDH", "ECDH", "aECDSA", "ECDSA");
                case "ECDH_anon" -> List.of("AECDH", "aNULL", "ECDH");
                case "DH_anon" -> List.of("ADH", "aNULL", "DH");
                default -> List.of();
            };
        }

        private static List<String> ofCipher(String cipher) {
            if (cipher.startsWith("AES_")) {
                String sized = "AES" + bits(cipher);
                return cipher.endsWith("GCM")
                        ? List.of("HIGH", "AES", sized, "AESGCM")
                        : List.of("HIGH", "AES", sized);
            }
            return switch (cipher) {
                case "CHACHA20_POLY1305" -> List.of("HIGH", "CHACHA20");
                case "3DES_EDE_CBC" -> List.of("MEDIUM", "3DES");
                case "NULL" -> List.of("NULL", "eNULL");
                default -> List.of();
            };
        }

        private static int bits(String cipher) {
            return cipher.contains("256") || cipher.startsWith("CHACHA20") ? 256 : 128;
        }

        private static String openssl(String exchange, String cipher, String digest) {
            String first =
                    switch (exchange) {
                        case "RSA" -> "";
                        case "ECDH_anon" -> "AECDH-";
                        case "DH_anon" -> "ADH-";
                        default -> exchange.replace('_', '-') + "-";
                    };
            if (cipher.equals("CHACHA20_POLY1305")) {
                return first + "CHACHA20-POLY1305";
            }
            String middle =
                    cipher.replace("AES_", "AES")
                            .replace("3DES_EDE_CBC", "DES-CBC3")
                            .replace("_CBC", "")
                            .replace('_', '-');
            return first + middle + "-" + digest;
        }

        boolean is(String word) {
            return word.equals(name) || word.equals(openssl) || words.contains(word);
        }

        boolean hasAll(String joined) {
            return Arrays.stream(joined.split("\\+")).allMatch(this::is);
        }
    }
}
