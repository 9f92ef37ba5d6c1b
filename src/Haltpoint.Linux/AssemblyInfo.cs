using System.Runtime.CompilerServices;

// Every signature here is blittable; without the marshaller an import is a plain call and cannot allocate.
[assembly: DisableRuntimeMarshalling]
