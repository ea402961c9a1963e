package com.example.matriarch.sql;

import io.matriarch.spi.DcsException;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Why an attempt brought no answer. */
final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    /** What an attempt may have done. */
    enum Kind {
        /** Nothing: no request left, or none came in time. */
        NOT_SENT,
        /** Perhaps everything: the reply is missing. */
        LOST,
        /** Nothing: the database rolled the statement back. */
        REJECTED,
        /** Nothing, and no repetition will. */
        MISCONFIGURED
    }

    private final Kind kind;

    Fault(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    boolean isFinal() {
        return kind == Kind.REJECTED || kind == Kind.MISCONFIGURED;
    }

    static Fault whileConnecting(SQLException e) {
        return new Fault(
                needsTheOperator(e) ? Kind.MISCONFIGURED : Kind.NOT_SENT, e.getMessage(), e);
    }

    /**
     * An ERROR of the server rolled the statement back. A FATAL may come after the commit, and a
     * broken connection says nothing at all.
     */
    static Fault whileAsking(SQLException e) {
        if (needsTheOperator(e)) {
            return new Fault(Kind.MISCONFIGURED, e.getMessage(), e);
        }
        if (e instanceof TooLate) {
            return new Fault(Kind.NOT_SENT, e.getMessage(), e);
        }
        boolean rolledBack = severity(e).filter("ERROR"::equals).isPresent();
        return new Fault(rolledBack ? Kind.REJECTED : Kind.LOST, e.getMessage(), e);
    }

    private static Optional<String> severity(SQLException e) {
        return e instanceof PSQLException told
                ? Optional.ofNullable(told.getServerErrorMessage())
                        .map(ServerErrorMessage::getSeverity)
                : Optional.empty();
    }

    /** Wrong user or password, no such database, no right to the tables, TLS refused. */
    private static boolean needsTheOperator(SQLException e) {
        String state = Optional.ofNullable(e.getSQLState()).orElse("");
        return state.startsWith("28")
                || state.equals("3D000")
                || state.equals("42501")
                || state.equals("08004");
    }

    /**
     * @param unknown whether this or an earlier attempt may have taken effect
     */
    DcsException told(String what, boolean unknown) {
        if (kind == Kind.MISCONFIGURED) {
            return new DcsException.Misconfigured(
                    what
                            + ": the database does not let Matriarch in ("
                            + getMessage()
                            + "); correct the section sql, or the rights in the database",
                    this);
        }
        String message = what + ": " + getMessage();
        return unknown
                ? new DcsException.OutcomeUnknown(message, this)
                : new DcsException.NotApplied(message, this);
    }
}
