package io.kvd.core.kv;

import io.kvd.core.base.Hash128;

/**
 * What a write has to know of the row that it replaces.
 *
 * @param hash what the row contributes to the state hash
 */
record RowHead(KeyRevisions revisions, Hash128 hash) {}
