package io.matriarch.cli;

/** What a member answered: status code and body. */
record ApiAnswer(int status, String body) {
    boolean isGood() {
        return status >= 200 && status < 300;
    }
}
