package io.matriarch.daemon.http;

import java.util.Map;
import java.util.Optional;

/** HTML for people; clients look for the code, the message and one explanation in it. */
final class ErrorPage {
    private static final Map<Integer, String[]> TEXTS =
            Map.of(
                    400, text("Bad Request", "Bad request syntax or unsupported method"),
                    409, text("Conflict", "Request conflict"),
                    411, text("Length Required", "Client must specify Content-Length"),
                    413, text("Request Entity Too Large", "Entity is too large"),
                    501, text("Not Implemented", "Server does not support this operation"),
                    502, text("Bad Gateway", "Invalid responses from another server/proxy"),
                    503,
                            text(
                                    "Service Unavailable",
                                    "The server cannot process the request due to a high load"));

    private ErrorPage() {}

    static Response of(int status) {
        String[] text = TEXTS.getOrDefault(status, text("Error", ""));
        return page(status, text[0], text[1]);
    }

    /** For a method and path that nobody handles; a client falls back when it reads this. */
    static Response unsupported(String method) {
        return page(501, "Unsupported method ('" + escaped(method) + "')", TEXTS.get(501)[1]);
    }

    private static Response page(int status, String message, String explanation) {
        String body =
                "<!DOCTYPE HTML>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Error"
                        + " response</title></head>\n<body>\n<h1>Error response</h1>\n<p>Error"
                        + " code: "
                        + status
                        + "</p>\n<p>Message: "
                        + message
                        + ".</p>\n<p>Error code explanation: "
                        + status
                        + " - "
                        + explanation
                        + ".</p>\n</body>\n</html>\n";
        return new Response(status, Optional.of("text/html;charset=utf-8"), body, Map.of(), false);
    }

    private static String[] text(String message, String explanation) {
        return new String[] {message, explanation};
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
