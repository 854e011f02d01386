/** What processes of one host share: its clocks, its file system, its signals. */
@NullMarked
package dev.holdfast.torture.host;

import org.jspecify.annotations.NullMarked;
