package io.kvd.core.kv;

/**
 * The log or the state needs a newer program than this one: applying on would make this replica another state than
 * the others have (P7). The node stops and an operator upgrades it; nothing was written.
 */
public final class UpgradeNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UpgradeNeededException(String sentence) {
        super(sentence + ": upgrade this node");
    }
}
