package io.matriarch.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import io.matriarch.engine.codec.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON object a line, with the peer's field names. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS");

    @Override
    public String doLayout(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(
                "asctime",
                TIME.format(
                        Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault())));
        line.put(
                "levelname",
                event.getLevel().equals(Level.WARN) ? "WARNING" : event.getLevel().toString());
        line.put("message", event.getFormattedMessage());
        if (event.getThrowableProxy() != null) {
            line.put("exc_info", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return Json.spaced(line) + System.lineSeparator();
    }
}
