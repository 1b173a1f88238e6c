package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

/** A live key's newest version. */
record CurrentRow(KeyRevisions revisions, Bytes value) {}
