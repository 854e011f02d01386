/** The resources that the processes of one host share: clocks, file system and signals. */
@NullMarked
package dev.holdfast.torture.host;

import org.jspecify.annotations.NullMarked;
