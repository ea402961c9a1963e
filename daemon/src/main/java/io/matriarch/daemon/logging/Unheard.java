package io.matriarch.daemon.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/** Holds back what a library says of one kind of exception. Known by name: it is a plug-in's. */
final class Unheard extends Filter<ILoggingEvent> {
    private final String library;
    private final String exception;

    /**
     * @param library the beginning of its loggers' names
     * @param exception the class
     */
    Unheard(String library, String exception) {
        this.library = library;
        this.exception = exception;
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getThrowableProxy() != null
                        && event.getThrowableProxy().getClassName().equals(exception)
                        && event.getLoggerName().startsWith(library)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
