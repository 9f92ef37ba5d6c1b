using System;

Console.Error.WriteLine("haltpoint: no command given; try 'haltpoint --help'");
return 2;
