@NullMarked
package dev.holdfast.cli.options;

import org.jspecify.annotations.NullMarked;
