package io.kvd.server.runtime.config;

/**
 * A key that somebody set.
 *
 * @param origin who did, for people: {@code conf/n1.conf: 12}, {@code KVD_NODE_NAME}, {@code --set}
 */
record Setting(String path, String text, String origin) {}
