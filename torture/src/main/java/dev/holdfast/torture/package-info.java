/**
 * Tests the guarantee with real processes and real signals. Producers and workers log what they do,
 * a nemesis kills and suspends them, and in the end a checker compares their logs with the store.
 * Tests in virtual time are in the test kit.
 */
@NullMarked
package dev.holdfast.torture;

import org.jspecify.annotations.NullMarked;
