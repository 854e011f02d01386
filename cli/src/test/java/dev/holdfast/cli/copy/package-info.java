@NullMarked
package dev.holdfast.cli.copy;

import org.jspecify.annotations.NullMarked;
