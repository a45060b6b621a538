return await Modular.Host.Commands.RunAsync(args);
