package io.matriarch.postgres;

import io.matriarch.engine.model.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the configured scripts. Nobody waits for them. At most one runs of {@code on_start}, {@code
 * on_stop}, {@code on_restart} and {@code on_role_change}: a new one kills the running one with all
 * that it has started. {@code on_reload} has a slot of its own.
 */
final class Callbacks {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

    /** The five events. */
    enum Event {
        ON_START("on_start"),
        ON_STOP("on_stop"),
        ON_RESTART("on_restart"),
        ON_RELOAD("on_reload"),
        ON_ROLE_CHANGE("on_role_change");

        private final String text;

        Event(String text) {
            this.text = text;
        }
    }

    private final Instance instance;
    private final Executor lane;
    private Optional<Process> running = Optional.empty();
    private Optional<Process> reloading = Optional.empty();
    private boolean called;

    /**
     * @param lane runs one task after the other
     */
    Callbacks(Instance instance, Executor lane) {
        this.instance = instance;
        this.lane = lane;
    }

    /** Whether any but on_reload was called: before, a change of role is first contact. */
    synchronized boolean called() {
        return called;
    }

    synchronized void call(Event event, Role role) {
        called |= event != Event.ON_RELOAD;
        Optional<String> command =
                Optional.ofNullable(instance.config().callbacks().get(event.text));
        if (command.isEmpty() || command.get().isBlank()) {
            return;
        }
        try {
            List<String> words = new ArrayList<>(ShellWords.split(command.get()));
            words.add(event.text);
            words.add(role.callbackText());
            words.add(instance.setup().scope());
            lane.execute(() -> run(event, words));
        } catch (IllegalArgumentException e) {
            log.error("Callback {} cannot be called: {}", event.text, e.getMessage());
        }
    }

    private void run(Event event, List<String> words) {
        boolean reload = event == Event.ON_RELOAD;
        (reload ? reloading : running).ifPresent(old -> replace(old, words));
        try {
            ProcessBuilder builder = instance.commands().builder(words, Map.of());
            builder.inheritIO();
            builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
            Optional<Process> started = Optional.of(builder.start());
            if (reload) {
                reloading = started;
            } else {
                running = started;
            }
        } catch (IOException e) {
            log.error("Callback {} could not be started: {}", words, e.toString());
        }
    }

    private void replace(Process old, List<String> words) {
        if (old.isAlive()) {
            instance.commands().killTree(old.toHandle());
            log.warn("Killed callback {} because it was still running; next is {}", old, words);
        }
    }
}
