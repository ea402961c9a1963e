// The one program of this module: its version stands in go.mod, and go.sum pins every file that goes in.

//go:build tools

package tools

import _ "github.com/hashicorp/consul"
