/** `Menu` and its items, as data: nothing is drawn, but items can be found and clicked. */
interface Template {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly submenu?: readonly Template[];
  readonly click?: () => void;
}

export class MenuItem {
  readonly id: string;
  readonly label: string;
  readonly role: string | undefined;
  readonly submenu: Menu | null;
  readonly click: () => void;

  constructor({ id = '', label, role, submenu, click }: Template) {
    this.id = id;
    this.label = label ?? role ?? '';
    this.role = role;
    this.submenu = submenu ? Menu.buildFromTemplate(submenu) : null;
    this.click = () => click?.();
  }
}

let applicationMenu: Menu | null = null;

export class Menu {
  readonly items: readonly MenuItem[];

  constructor(items: readonly MenuItem[] = []) {
    this.items = items;
  }

  static buildFromTemplate = (template: readonly Template[]): Menu =>
    new Menu(template.map((item) => new MenuItem(item)));
  static setApplicationMenu = (menu: Menu | null): void => {
    applicationMenu = menu;
  };
  static getApplicationMenu = (): Menu | null => applicationMenu;

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : (item.submenu?.getMenuItemById(id) ?? null);
      if (found) return found;
    }
    return null;
  }
}
