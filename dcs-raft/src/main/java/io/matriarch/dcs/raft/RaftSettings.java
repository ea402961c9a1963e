package io.matriarch.dcs.raft;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The YAML section, checked.
 *
 * @param self where the member of the store in this process is reached by the others; none if there
 *     is none
 * @param bind where it listens
 * @param partners the other members
 * @param dataDir where it keeps its log
 * @param electionMin how long a member waits for a leader at least before it stands itself
 * @param electionMax how long at most
 * @param connectionTimeout how long a call between members may take
 * @param witness whether a member of the store runs here without a member of the cluster
 * @param password proves to the others that this one belongs to them
 * @param tls certificates that do the same
 * @param routes where a client in this process reaches a member, if not under its address
 */
record RaftSettings(
        Optional<Address> self,
        Address bind,
        List<Address> partners,
        Path dataDir,
        Duration electionMin,
        Duration electionMax,
        Duration connectionTimeout,
        boolean witness,
        Optional<String> password,
        Optional<TlsFiles> tls,
        Map<Address, Address> routes) {
    /** Makes a section open a voter without a member; set by the daemon's witness command. */
    static final String WITNESS = "witness";

    private static final Logger LOG = LoggerFactory.getLogger(RaftSettings.class);
    private static final List<String> WITHOUT_EFFECT =
            List.of("append_entries_period", "connection_retry_time", "leader_fallback_timeout");
    private static final Duration TICK = Duration.ofMillis(100);

    /** PEM files. */
    record TlsFiles(Path authority, Path certificate, Path key) {}

    static RaftSettings of(Section section) {
        Optional<Address> self =
                section.text("self_addr").map(text -> Address.parse(text, "raft.self_addr"));
        List<Address> partners =
                section.list("partner_addrs").stream()
                        .map(text -> Address.parse(text, "raft.partner_addrs"))
                        .distinct()
                        .toList();
        if (self.isEmpty() && partners.isEmpty()) {
            throw wrong(
                    "raft has neither self_addr nor partner_addrs; set both, or partner_addrs"
                            + " alone for a client");
        }
        if (self.filter(partners::contains).isPresent()) {
            throw wrong(
                    "raft.partner_addrs must not contain self_addr ("
                            + self.get()
                            + "); remove it");
        }
        boolean witness = section.flag(WITNESS, false);
        if (witness && self.isEmpty()) {
            throw wrong("raft.self_addr is not set, and a witness needs it; set it");
        }
        Duration min = seconds(section, "min_timeout", 1.0);
        Duration max = seconds(section, "max_timeout", Math.max(2.0, 2e-3 * min.toMillis()));
        if (min.compareTo(TICK) < 0 || max.compareTo(min) <= 0) {
            throw wrong(
                    "raft.max_timeout must be above raft.min_timeout, and that at least 0.1 s;"
                            + " correct them");
        }
        tellWithoutEffect(section);
        return new RaftSettings(
                self,
                section.text("bind_addr")
                        .map(text -> Address.parse(text, "raft.bind_addr"))
                        .or(() -> self)
                        .orElseGet(() -> partners.get(0)),
                partners,
                Path.of(section.text("data_dir").orElse("")).toAbsolutePath(),
                min,
                max,
                seconds(section, "connection_timeout", 3.5),
                witness,
                section.text("password"),
                tls(section),
                routes(section));
    }

    private static Map<Address, Address> routes(Section section) {
        Map<Address, Address> routes = new HashMap<>();
        for (String route : section.list("routes")) {
            String[] ends = route.split("=", 2);
            if (ends.length != 2) {
                throw wrong("raft.routes must be a list of ADDRESS:PORT=ADDRESS:PORT; correct it");
            }
            routes.put(
                    Address.parse(ends[0].trim(), "raft.routes"),
                    Address.parse(ends[1].trim(), "raft.routes"));
        }
        return Map.copyOf(routes);
    }

    private static void tellWithoutEffect(Section section) {
        WITHOUT_EFFECT.stream()
                .filter(key -> section.text(key).isPresent())
                .forEach(
                        key ->
                                LOG.warn(
                                        "raft.{} has no effect here: heartbeats come twice in"
                                                + " min_timeout, connections are retried at once, and a"
                                                + " leader without a majority steps down within"
                                                + " max_timeout; remove it",
                                        key));
    }

    private static Duration seconds(Section section, String key, double otherwise) {
        Supplier<DcsException.Misconfigured> unusable =
                () -> wrong("raft." + key + " must be a number of seconds above 0; correct it");
        try {
            double value = section.text(key).map(Double::parseDouble).orElse(otherwise);
            if (!(value > 0) || value > 3600) {
                throw unusable.get();
            }
            return Duration.ofNanos((long) (value * 1e9));
        } catch (NumberFormatException e) {
            throw unusable.get();
        }
    }

    private static Optional<TlsFiles> tls(Section section) {
        List<Optional<String>> files =
                Stream.of("cafile", "certfile", "keyfile").map(section::text).toList();
        if (files.stream().noneMatch(Optional::isPresent)) {
            return Optional.empty();
        }
        if (files.get(0).isEmpty() || files.get(1).isEmpty()) {
            throw wrong(
                    "raft needs cafile and certfile together, because members prove themselves to"
                            + " each other; set both, and keyfile unless the key is in certfile");
        }
        if (section.text("password").isPresent()) {
            throw wrong("raft has both a password and certificates; remove one of them");
        }
        Path certificate = Path.of(files.get(1).get());
        return Optional.of(
                new TlsFiles(
                        Path.of(files.get(0).get()),
                        certificate,
                        files.get(2).map(Path::of).orElse(certificate)));
    }

    private static DcsException.Misconfigured wrong(String sentence) {
        return new DcsException.Misconfigured(sentence);
    }

    /** All members of the store, the own one first. */
    List<Address> members() {
        List<Address> all = new ArrayList<>();
        self.ifPresent(all::add);
        all.addAll(partners);
        return List.copyOf(all);
    }

    /** All members by other ways, for the key {@code routes}. */
    List<String> rerouted(UnaryOperator<InetSocketAddress> way) {
        return members().stream()
                .map(
                        member -> {
                            Address now = routes.getOrDefault(member, member);
                            InetSocketAddress other =
                                    way.apply(new InetSocketAddress(now.host(), now.port()));
                            return member
                                    + "="
                                    + new Address(other.getHostString(), other.getPort());
                        })
                .toList();
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "raft " + members();
    }
}
