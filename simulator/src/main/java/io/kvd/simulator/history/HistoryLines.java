package io.kvd.simulator.history;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The lines of a file, which are UTF-8 and of bounded length. */
final class HistoryLines {
    /** More than the largest answer that a range has, written in base64; less than a small heap. */
    static final int MAX_LINE_BYTES = 16 << 20;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int filled;
    private long line;
    private boolean ended;

    HistoryLines(InputStream in) {
        this.in = in;
    }

    /** The number of the last line that {@link #next} gave, from 1. */
    long line() {
        return line;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The next line without its end; empty once the file {@link #hasEnded}. */
    String next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        line++;
        while (true) {
            if (at == filled) {
                at = 0;
                filled = Math.max(0, in.read(buffer));
                if (filled == 0) {
                    ended = bytes.size() == 0;
                    return text(bytes);
                }
            }
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            bytes.write(buffer, at, end - at);
            if (bytes.size() > MAX_LINE_BYTES) {
                throw new Malformed("longer than " + MAX_LINE_BYTES + " bytes");
            }
            boolean whole = end < filled;
            at = whole ? end + 1 : end;
            if (whole) {
                return text(bytes);
            }
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new Malformed("not UTF-8");
        }
    }
}
