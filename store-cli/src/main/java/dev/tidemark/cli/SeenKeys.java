package dev.tidemark.cli;

import java.nio.charset.StandardCharsets;

/**
 * Which keys were there already, in 8 to 24 bytes a key: it keeps 64 bits of a hash of each, so two different keys are taken
 * for the same about once in 37 million files of a million keys.
 */
final class SeenKeys {
    private static final int SHARDS = 256;

    private final long[][] shards = new long[SHARDS][16];
    private final int[] sizes = new int[SHARDS];

    /** False when the key was there already. */
    boolean add(String key) {
        long hash = hash(key);
        int shard = (int) (hash >>> 56);
        if (!insert(shards[shard], hash)) {
            return false;
        }
        sizes[shard]++;
        if (sizes[shard] * 4 > shards[shard].length * 3) {
            shards[shard] = grown(shards[shard]);
        }
        return true;
    }

    /** Zero marks a free slot. */
    private static boolean insert(long[] table, long hash) {
        int mask = table.length - 1;
        int slot = (int) hash & mask;
        while (table[slot] != 0) {
            if (table[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        table[slot] = hash;
        return true;
    }

    private static long[] grown(long[] table) {
        long[] larger = new long[table.length * 2];
        for (long hash : table) {
            if (hash != 0) {
                insert(larger, hash);
            }
        }
        return larger;
    }

    /** FNV-1a over the bytes, then stirred so that every bit depends on every byte. */
    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
