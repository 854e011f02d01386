@NullMarked
package dev.holdfast.cli.top;

import org.jspecify.annotations.NullMarked;
