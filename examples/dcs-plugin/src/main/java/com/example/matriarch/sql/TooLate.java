package com.example.matriarch.sql;

import java.sql.SQLException;

/** The request reached the database after its deadline, as far as that can be known, and did nothing. */
final class TooLate extends SQLException {
    private static final long serialVersionUID = 1L;

    TooLate() {
        super("the request came too late");
    }
}
