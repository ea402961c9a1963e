package io.matriarch.dcs.consul;

/** A server that lets nobody in without a token. */
final class AccessRules {
    /** The token of the one who may do everything. */
    static final String MANAGER = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

    /**
     * In the words that old and new releases know; the new name of the token is initial_management.
     */
    static final String CONFIGURATION =
            ", \"acl\": {\"enabled\": true, \"default_policy\": \"deny\", \"tokens\": {\"master\": \""
                    + MANAGER
                    + "\"}}";

    private AccessRules() {}
}
